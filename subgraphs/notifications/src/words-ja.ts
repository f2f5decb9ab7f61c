import type { Words } from './words.ts';

export const japanese: Words = {
  language: 'ja',
  direction: 'ltr',
  greeting: (firstName, lastName) => `${lastName} ${firstName} 様`,
  closing: 'Souk カスタマーサービス',
  reason: 'このメールは、このメールアドレスで行われたご注文についてお送りしています。',
  viewOrder: 'ご注文内容を確認する',
  orderNumber: 'ご注文番号',
  quantity: (count) => `数量：${count}`,
  subtotal: '小計',
  shipping: '送料',
  tax: '税額',
  includedTax: 'うち税額',
  total: '合計',
  confirmed: {
    subject: (order) => `ご注文 ${order} を承りました`,
    heading: 'ご注文ありがとうございます',
    intro: (order) => `ご注文 ${order} を承り、お支払いを確認いたしました。ご注文内容は次のとおりです。`,
    next: '商品を発送しましたら、改めてメールでお知らせいたします。',
  },
  cancelled: {
    subject: (order) => `ご注文 ${order} がキャンセルされました`,
    heading: 'ご注文がキャンセルされました',
    intro: (order) => `ご注文 ${order} がキャンセルされました。`,
    why: {
      CUSTOMER: 'お客様からのご依頼によりキャンセルいたしました。',
      STAFF: '当店の都合によりキャンセルいたしました。誠に申し訳ございません。',
      OUT_OF_STOCK: 'ご注文の商品が直前に完売いたしました。誠に申し訳ございません。',
      EXPIRED: '期限までにお支払いを確認できませんでした。',
      PAYMENT_FAILED: 'お支払い手続きを完了できませんでした。',
    },
    moneyBack:
      'お支払い済みの金額は、ご利用のお支払い方法に返金いたします。金融機関により、反映まで最大10日ほどかかる場合がございます。',
    nothingTaken: '代金は請求されておりません。金融機関で一時的に確保された金額は自動的に解除されます。',
  },
  shipped: {
    subject: (order) => `ご注文 ${order} を発送しました`,
    heading: '商品を発送しました',
    intro: (order) => `ご注文 ${order} の商品を発送いたしました。`,
    tracking: (carrier, number) => `配送業者：${carrier}　お問い合わせ番号：${number}`,
    trackParcel: '配送状況を確認する',
    contents: '今回お届けする商品',
  },
  refunded: {
    subject: (order, amount) => `ご注文 ${order} について ${amount} を返金しました`,
    heading: '返金のお知らせ',
    intro: (order, amount) => `ご注文 ${order} について、ご利用のお支払い方法に ${amount} を返金いたしました。`,
    when: '金融機関により、反映まで最大10日ほどかかる場合がございます。',
  },
};
