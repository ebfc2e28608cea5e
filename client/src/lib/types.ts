/** Short names for the shapes of the contract (openapi.json → contract.d.ts), so that pages need not spell them out. */
import type { components } from './contract'

type Schemas = components['schemas']

export type Access = Schemas['my_data.AccessOut']
export type Appointment = Schemas['appointments.AppointmentOut']
export type Article = Schemas['articles.ArticleOut']
export type ArticleBrief = Schemas['articles.ArticleBriefOut']
export type ArticleTitle = Schemas['articles.ArticleTitleOut']
export type Bill = Schemas['bills.BillOut']
export type Bundle = Schemas['bundles.BundleOut']
export type BundleList = Schemas['bundle_questions.BundleListOut']
export type BundleQuestions = Schemas['bundle_questions.BundleQuestionsOut']
export type BundleBrief = Schemas['bundle_shapes.BundleApplicationBriefOut']
export type BundleLicence = Schemas['bundle_licences.BundleLicenceOut']
export type BundlePart = Schemas['bundle_shapes.BundlePartOut']
export type BundleStarted = Schemas['bundle_shapes.BundleStartedOut']
export type BundleWhole = Schemas['bundle_shapes.BundleApplicationOut']
export type CaseBrief = Schemas['case_shapes.CaseBriefOut']
export type Checklist = Schemas['checklist_shapes.ChecklistOut']
export type CaseMaterial = Schemas['case_shapes.CaseMaterialOut']
export type CaseShown = Schemas['cases.CaseWithRatingOut']
export type CaseWhole = Schemas['case_shapes.CaseOut']
export type Centre = Schemas['centres.CentreOut']
export type CentreDetail = Schemas['centres.CentreDetailOut']
export type Certificate = Schemas['certificates.CertificateOut']
export type CertificateDetail = Schemas['certificates.CertificateDetailOut']
export type Citizen = Schemas['sessions.CitizenOut']
export type Closing = Schemas['my_data.ClosingOut']
export type Code = Schemas['codes.CodeOut']
export type Consent = Schemas['consents.ConsentOut']
export type Count = Schemas['themes.CountOut']
export type Complaint = Schemas['complaints.ComplaintOut']
export type Evaluation = Schemas['evaluations.EvaluationOut']
export type Figure = Schemas['figures.FigureOut']
export type FormField = Schemas['case_shapes.FormFieldOut']
export type Guide = Schemas['guide_shapes.GuideOut']
export type GuideCard = Schemas['guide_shapes.CardOut']
export type GuideHit = Schemas['guides.HitOut']
export type Message = Schemas['messages.MessageOut']
export type NotHere = Schemas['centres.NotHereOut']
export type Prefill = Schemas['consents.PrefillOut']
export type MyBill = Schemas['bills.MyBillOut']
export type NameVerdict = Schemas['enterprise_names.VerdictOut']
export type Paper = Schemas['paper_shapes.PaperOut']
export type Payment = Schemas['payments.PaymentOut']
export type Question = Schemas['checklist_shapes.QuestionOut']
export type Questions = Schemas['checklist_shapes.QuestionsOut']
export type Photo = Schemas['case_shapes.PhotoOut']
export type Report = Schemas['figures.ReportOut']
export type RatingLevel = Schemas['evaluations.LevelOut']
export type RatingOptions = Schemas['evaluations.OptionsOut']
export type Receipt = Schemas['receipts.ReceiptOut']
export type ReceiptDetail = Schemas['receipts.ReceiptDetailOut']
export type Refund = Schemas['refunds.RefundOut']
export type Reply = Schemas['chat.ReplyOut']
export type ReservedName = Schemas['enterprise_names.ReservedNameOut']
export type Scan = Schemas['codes.ScanOut']
export type SharedMaterial = Schemas['bundle_shapes.SharedMaterialOut']
export type Slot = Schemas['centres.SlotOut']
export type SpecialStep = Schemas['special_steps.StepOut']
export type Suggestion = Schemas['guides.SuggestionOut']
export type Ticket = Schemas['tickets.TicketOut']
export type TimelineLine = Schemas['case_shapes.TimelineLineOut']
export type Track = Schemas['track.TrackOut']
export type Wait = Schemas['waitlist.WaitOut']

/** GET /bootstrap */
export interface Facts {
  city_name: string
  region_code: string
  hotline: string
  record_number: string | null
  min_client: string
  templates: Record<'wechat' | 'alipay', { key: string; title: string; template_id: string; scenes: string[] }[]>
  demo: { personas: { key: string; name: string; note: string }[]; cashier_url: string; phone_url: string } | null
}
