/** The first visit's first tab: a greeting that is also an operation that runs. */
export const WELCOME = `# Welcome to Souk
#
# This is the whole shop as one graph. Press the run button, or Ctrl-Enter (⌘-Enter),
# to ask who you are and what you are shopping in.
#
# Then open "Examples" in the left bar and follow a story from top to bottom:
#
#   Shopper        find a product, fill a cart, pay, and watch the order move
#   Merchant       ship it, refund it, change stock, publish a product
#   Subscriptions  keep a live view open in one tab while you act in another
#
# Every example remembers the ids it sees, so the next one is already filled in.
# Sign in above, or start a guest session to buy without an account.
#
#   Ctrl-Space   suggestions          Ctrl-click a field   its documentation
#   F1           all commands         Shift-Ctrl-P         tidy this text up

query Welcome {
  me {
    email
    firstName
    roles
  }
  context {
    channel
    currency
    locale
  }
}
`;
