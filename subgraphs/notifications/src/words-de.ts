import type { Words } from './words.ts';

export const german: Words = {
  language: 'de',
  direction: 'ltr',
  greeting: (firstName, lastName) => `Guten Tag ${firstName} ${lastName},`,
  closing: 'Ihr Souk-Team',
  reason: 'Sie erhalten diese E-Mail, weil mit dieser Adresse eine Bestellung aufgegeben wurde.',
  viewOrder: 'Bestellung ansehen',
  orderNumber: 'Bestellung',
  quantity: (count) => `Menge: ${count}`,
  subtotal: 'Zwischensumme',
  shipping: 'Versand',
  tax: 'Steuer',
  includedTax: 'Darin enthaltene Steuer',
  total: 'Gesamtbetrag',
  confirmed: {
    subject: (order) => `Ihre Bestellung ${order} ist bestätigt`,
    heading: 'Vielen Dank für Ihre Bestellung',
    intro: (order) => `Ihre Bestellung ${order} und Ihre Zahlung sind bei uns eingegangen. Das haben Sie bestellt:`,
    next: 'Wir schreiben Ihnen wieder, sobald Ihr Paket unterwegs ist.',
  },
  cancelled: {
    subject: (order) => `Ihre Bestellung ${order} wurde storniert`,
    heading: 'Ihre Bestellung wurde storniert',
    intro: (order) => `Ihre Bestellung ${order} wurde storniert.`,
    why: {
      CUSTOMER: 'Sie haben uns darum gebeten.',
      STAFF: 'Unser Team musste sie stornieren. Das tut uns leid.',
      OUT_OF_STOCK: 'Die bestellten Artikel waren im letzten Moment ausverkauft. Das tut uns leid.',
      EXPIRED: 'Ihre Zahlung ist nicht rechtzeitig eingegangen.',
      PAYMENT_FAILED: 'Ihre Zahlung konnte nicht abgeschlossen werden.',
    },
    moneyBack:
      'Den gezahlten Betrag erstatten wir auf dem Weg, auf dem Sie bezahlt haben. Je nach Bank dauert das bis zu zehn Tage.',
    nothingTaken: 'Es wurde nichts abgebucht. Einen vorgemerkten Betrag gibt Ihre Bank von selbst wieder frei.',
  },
  shipped: {
    subject: (order) => `Ihre Bestellung ${order} ist unterwegs`,
    heading: 'Ihr Paket ist unterwegs',
    intro: (order) => `Wir haben ein Paket zu Ihrer Bestellung ${order} verschickt.`,
    tracking: (carrier, number) => `Versanddienst: ${carrier}. Sendungsnummer: ${number}.`,
    trackParcel: 'Sendung verfolgen',
    contents: 'In diesem Paket:',
  },
  refunded: {
    subject: (order, amount) => `${amount} zu Ihrer Bestellung ${order} erstattet`,
    heading: 'Ihre Erstattung ist unterwegs',
    intro: (order, amount) =>
      `Wir haben Ihnen zu Ihrer Bestellung ${order} ${amount} auf dem Weg erstattet, auf dem Sie bezahlt haben.`,
    when: 'Je nach Bank dauert es bis zu zehn Tage, bis Sie den Betrag sehen.',
  },
};
