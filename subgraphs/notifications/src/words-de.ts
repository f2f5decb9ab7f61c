import type { Words } from './words.ts';

export const german: Words = {
  language: 'de',
  direction: 'ltr',
  greeting: (firstName, lastName) => `Guten Tag ${firstName} ${lastName},`,
  closing: 'Ihr Souk-Team',
  reason: 'Sie erhalten diese E-Mail, weil unter dieser E-Mail-Adresse eine Bestellung aufgegeben wurde.',
  viewOrder: 'Bestellung ansehen',
  lookUp: (order) =>
    `Sie können Ihre Bestellung jederzeit mit der Bestellnummer ${order} und dieser E-Mail-Adresse abrufen.`,
  orderNumber: 'Bestellnummer',
  quantity: (count) => `Menge: ${count}`,
  subtotal: 'Zwischensumme',
  shipping: 'Versand',
  tax: 'Steuer',
  includedTax: 'Enthaltene Steuer',
  total: 'Gesamtbetrag',
  confirmed: {
    subject: (order) => `Ihre Bestellung ${order} ist bestätigt`,
    heading: 'Vielen Dank für Ihre Bestellung',
    intro: (order) => `Ihre Bestellung ${order} und Ihre Zahlung sind bei uns eingegangen. Das haben Sie bestellt:`,
    next: 'Sobald Ihr Paket unterwegs ist, melden wir uns wieder bei Ihnen.',
  },
  cancelled: {
    subject: (order) => `Ihre Bestellung ${order} wurde storniert`,
    heading: 'Ihre Bestellung wurde storniert',
    intro: (order) => `Ihre Bestellung ${order} wurde storniert.`,
    why: {
      CUSTOMER: 'Die Stornierung erfolgte auf Ihren Wunsch.',
      STAFF: 'Leider mussten wir sie stornieren. Wir bitten um Entschuldigung.',
      OUT_OF_STOCK: 'Mindestens ein Artikel war im letzten Moment ausverkauft. Wir bitten um Entschuldigung.',
      EXPIRED: 'Ihre Zahlung ist nicht rechtzeitig eingegangen.',
      PAYMENT_FAILED: 'Ihre Zahlung konnte nicht abgeschlossen werden.',
    },
    moneyBack:
      'Den gezahlten Betrag erstatten wir über die Zahlungsart, die Sie gewählt hatten. Je nach Bank kann das bis zu zehn Tage dauern.',
    nothingTaken:
      'Ihnen wurde nichts berechnet. Sollte Ihre Bank einen Betrag vorgemerkt haben, gibt sie ihn automatisch wieder frei.',
  },
  shipped: {
    subject: (order) => `Ihre Bestellung ${order} ist unterwegs`,
    heading: 'Ihr Paket ist unterwegs',
    intro: (order) => `Wir haben ein Paket zu Ihrer Bestellung ${order} verschickt.`,
    tracking: (carrier, number) => `Versanddienstleister: ${carrier}. Sendungsnummer: ${number}.`,
    trackParcel: 'Sendung verfolgen',
    contents: 'Inhalt dieses Pakets:',
  },
  refunded: {
    subject: (order, amount) => `${amount} für Ihre Bestellung ${order} erstattet`,
    heading: 'Ihre Erstattung ist unterwegs',
    intro: (order, amount) =>
      `Wir haben Ihnen ${amount} für Ihre Bestellung ${order} über die Zahlungsart erstattet, die Sie gewählt hatten.`,
    when: 'Je nach Bank kann es bis zu zehn Tage dauern, bis der Betrag auf Ihrem Konto erscheint.',
  },
};
