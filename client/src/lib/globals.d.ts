/** What Alipay offers and uni-app does not wrap (开放能力). */
declare const my: {
  tradePay(asked: object): void
  requestSubscribeMessage(asked: object): void
  getPhoneNumber(asked: object): void
}

/** What WeChat offers and uni-app does not wrap. */
declare const wx: {
  env: { USER_DATA_PATH: string }
  shareFileMessage(asked: object): void
}
