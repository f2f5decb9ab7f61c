import type { Words } from './words.ts';

export const japanese: Words = {
  language: 'ja',
  direction: 'ltr',
  greeting: (firstName, lastName) => `${lastName} ${firstName} 様`,
  closing: 'Souk カスタマーサービス',
  reason: 'このメールは、本メールアドレスで承りましたご注文に関してお送りしております。',
  viewOrder: 'ご注文内容を確認する',
  lookUp: (order) => `ご注文の状況は、ご注文番号 ${order} と本メールアドレスでいつでもご確認いただけます。`,
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
    next: '商品を発送いたしましたら、改めてメールでお知らせいたします。',
  },
  cancelled: {
    subject: (order) => `ご注文 ${order} はキャンセルとなりました`,
    heading: 'ご注文がキャンセルとなりました',
    intro: (order) => `ご注文 ${order} はキャンセルとなりました。`,
    why: {
      CUSTOMER: 'お客様のご依頼によりキャンセルを承りました。',
      STAFF: '当店の都合によりキャンセルいたしました。誠に申し訳ございません。',
      OUT_OF_STOCK: 'ご注文いただいた商品が品切れとなりました。誠に申し訳ございません。',
      EXPIRED: '期限までにお支払いを確認できなかったため、キャンセルとさせていただきました。',
      PAYMENT_FAILED: 'お支払い手続きを完了できなかったため、キャンセルとさせていただきました。',
    },
    moneyBack:
      'お支払い済みの代金は、ご利用いただいたお支払い方法へ返金いたします。金融機関により、反映まで最大10日ほどかかる場合がございます。',
    nothingTaken:
      '代金のご請求は発生しておりません。金融機関で一時的に確保された金額がある場合は、自動的に解除されます。',
  },
  shipped: {
    subject: (order) => `ご注文 ${order} の商品を発送しました`,
    heading: '商品を発送しました',
    intro: (order) => `ご注文 ${order} の商品を発送いたしました。`,
    tracking: (carrier, number) => `配送業者：${carrier}　お問い合わせ番号：${number}`,
    trackParcel: '配送状況を確認する',
    contents: '今回お届けする商品：',
  },
  refunded: {
    subject: (order, amount) => `ご返金のお知らせ：ご注文 ${order}（${amount}）`,
    heading: 'ご返金のお知らせ',
    intro: (order, amount) => `ご注文 ${order} について、ご利用いただいたお支払い方法へ ${amount} を返金いたしました。`,
    when: '金融機関により、反映まで最大10日ほどかかる場合がございます。',
  },
};
