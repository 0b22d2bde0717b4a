import { type Breach, withLink } from './breach.ts'

/** What is noticed at every call, whichever rule is being tried. */
export const everyCallBreaches: readonly Breach[] = [
  {
    rule: 'says that it buffers when the peer does not read, and tells of the drain',
    does: 'drains inside write',
    complaint: /drain inside write/,
    setup: withLink((link) => {
      let drain = (): void => {}
      return {
        link: {
          write(chunk) {
            if (!link.write(chunk)) return false
            drain()
            return true
          },
        },
        sink(sink) {
          drain = () => sink.drain()
          return {}
        },
      }
    }),
  },
  {
    rule: 'may be aborted while it lingers',
    does: 'tells the close inside abort',
    complaint: /close inside abort/,
    setup: withLink((link) => {
      let close = (): void => {}
      return {
        link: {
          abort() {
            link.abort()
            close()
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
    rule: 'lingers: it discards what comes after its end, and closes when the peer has ended too',
    does: 'tells that the peer has ended after its own end',
    complaint: /end after our end/,
    setup: withLink(() => ({
      sink: (sink) => ({
        close(reason) {
          sink.end()
          sink.close(reason)
        },
      }),
    })),
  },
  {
    rule: 'tells a reset at once, as unclean',
    does: 'closes without a reason that anybody could use',
    complaint: /a close without a proper reason/,
    setup: withLink(() => ({
      sink: (sink) => ({ close: (reason) => sink.close({ ...reason, code: '' }) }),
    })),
  },
]
