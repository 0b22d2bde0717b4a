import type { Transport } from '@mudwire/core'

/**
 * Under a descriptor that is bound to nothing yet stands a socket that connects for ever. So it has an owner, and can be
 * released, acquired and closed like any other, and there is one hand-over for all of them.
 */
export const UNBOUND: Transport = {
  name: 'efuns:unbound',
  connect: ({ signal }) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
    }),
}
