/** The first visit's first tab: a greeting that is also an operation that runs. */
export const WELCOME = `# Welcome to Souk: the whole shop is one graph.
# Run this (Ctrl-Enter), then follow the examples.

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
