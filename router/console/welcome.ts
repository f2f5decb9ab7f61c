/** The first visit's first tab: a greeting that is also an operation that runs. */
export const WELCOME = `# Welcome to Souk
#
# The whole shop is one graph. Press the run button or Ctrl-Enter (⌘-Enter on a Mac) to ask who you are and what you are shopping in.
#
# Then open "Examples" in the side bar and follow a story from top to bottom:
#
#   Shopper: find, buy, watch, pay
#   Cards that refuse or ask: a decline, 3-D Secure
#   Customer: register, sign in, my orders
#   Merchant: ship, refund, count, publish
#   Live views: cart and stock
#
# Each step remembers the ids it has seen, so that the next one is already filled in. Sign in above, or start a guest session to buy without an account.

query Welcome {
  me {
    email
    firstName
    roles
  }
  context {
    channel {
      name
    }
    currency
    locale
    viewer
  }
}
`;
