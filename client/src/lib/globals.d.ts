/** What Alipay offers and uni-app does not wrap (开放能力). */
declare const my: {
  tradePay(asked: object): void
  requestSubscribeMessage(asked: object): void
  getPhoneNumber(asked: object): void
}
