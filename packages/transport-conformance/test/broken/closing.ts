import type { Address, CloseReason, Link } from '@mudwire/core'
import { type Breach, type LinkChanges, withLink } from './breach.ts'

const ENDED: CloseReason = { by: 'local', kind: 'end', code: 'end' }
const NOWHERE: Address = { family: 'memory', address: '' }
const farewell = 'ends with its whole farewell to a slow reader when it was'

export const closingBreaches: readonly Breach[] = [
  {
    rule: `${farewell} reading`,
    does: 'ends at once, whatever is unsent',
    complaint: /the farewell is whole/,
    setup: withLink((link) => ({ link: { end: () => link.abort() } })),
  },
  {
    rule: `${farewell} paused`,
    does: 'does not end before it is resumed',
    complaint: /in vain for the end/,
    setup: withLink((link) => whenReading(link, (end) => ({ link: { resume: () => end(), end: () => {} } }))),
  },
  {
    rule: `${farewell} paused with input unread`,
    does: 'resets a peer whose input was not read',
    complaint: /the farewell is whole/,
    setup: withLink((link) => whenReading(link, () => ({ link: { end: () => link.abort() } }))),
  },
  {
    rule: `${farewell} never attached`,
    does: 'does nothing before there is a sink',
    complaint: /in vain for the end/,
    setup: withLink((link) => {
      let isAttached = false
      return {
        link: {
          attach(sink) {
            isAttached = true
            link.attach(sink)
          },
          end: (reason) => isAttached && link.end(reason),
        },
      }
    }),
  },
  {
    rule: 'lingers: it discards what comes after its end, and closes when the peer has ended too',
    does: 'says that it is closed as soon as it has ended',
    complaint: /a close while the peer has not ended/,
    setup: withLink((link) => {
      let close = (): void => {}
      return {
        link: {
          end(reason) {
            link.end(reason)
            setImmediate(() => close())
          },
        },
        sink(sink) {
          close = () => sink.close(ENDED)
          return { close: () => {} }
        },
      }
    }),
  },
  {
    rule: 'aborts so that the peer can tell it from an end',
    does: 'ends instead',
    complaint: /expected true to be false/,
    setup: withLink((link) => ({ link: { abort: () => link.end(ENDED) } })),
  },
  {
    rule: 'aborts at once, whatever is unsent, and says how much was lost',
    does: 'says that nothing was lost',
    complaint: /expected \+0 to be 60000000/,
    setup: withLink((link) => {
      let isAborted = false
      return {
        link: {
          get buffered() {
            return isAborted ? 0 : link.buffered
          },
          abort() {
            isAborted = true
            link.abort()
          },
        },
      }
    }),
  },
  {
    rule: 'aborts at once, whatever is unsent, and says how much was lost',
    does: 'waits until the peer has read everything',
    complaint: /in vain for the close/,
    setup: withLink((link) => ({ link: { abort: () => link.buffered > 0 || link.abort() } })),
  },
  {
    rule: 'may be aborted while it lingers',
    does: 'cannot be aborted once it has ended',
    complaint: /in vain for the close/,
    setup: withLink((link) => {
      let hasEnded = false
      return {
        link: {
          end(reason) {
            hasEnded = true
            link.end(reason)
          },
          abort: () => hasEnded || link.abort(),
        },
      }
    }),
  },
  {
    rule: 'is inert afterwards: every call does nothing, and nothing follows the close',
    does: 'tells of its close at every abort',
    complaint: /to have a length of 1 but got 2/,
    setup: withLink((link) => {
      let close = (): void => {}
      return {
        link: {
          abort() {
            setImmediate(() => close())
            link.abort()
          },
        },
        sink(sink) {
          close = () => sink.close({ by: 'local', kind: 'abort', code: 'aborted' })
          return { close: () => {} }
        },
      }
    }),
  },
  {
    rule: 'still knows its addresses and facts when it is closed',
    does: 'asks a socket that is gone',
    complaint: /to deeply equal/,
    setup: withLink((link) => {
      let isClosed = false
      return {
        link: {
          get remote() {
            return isClosed ? NOWHERE : link.remote
          },
        },
        sink: (sink) => ({
          close(reason) {
            isClosed = true
            sink.close(reason)
          },
        }),
      }
    }),
  },
]

/** Changes a link for as long as it has never been resumed. */
function whenReading(link: Link, change: (end: () => void) => LinkChanges): LinkChanges {
  const changed = change(() => link.end()).link
  let isReading = false
  return {
    link: {
      resume() {
        isReading = true
        link.resume()
      },
      end: (reason) => (isReading ? link.end(reason) : changed?.end?.(reason)),
    },
  }
}
