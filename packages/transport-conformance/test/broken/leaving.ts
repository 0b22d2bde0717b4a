import { type Breach, withLink } from './breach.ts'

export const leavingBreaches: readonly Breach[] = [
  {
    rule: 'tells the end of the peer as what it is, behind everything that was sent',
    does: 'tells the end before the last words',
    complaint: /expected '' to be 'last words'/,
    setup: withLink(() => ({
      sink: (sink) => ({ data: (chunk) => void setImmediate(() => sink.data(chunk)) }),
    })),
  },
  {
    rule: 'tells the end of the peer as what it is, behind everything that was sent',
    does: 'calls a clean end of messages an error',
    complaint: /to match object/,
    capabilities: { shape: 'message', halfClose: false },
    setup: withLink(
      () => ({ sink: (sink) => ({ close: (reason) => sink.close({ ...reason, kind: 'error' }) }) }),
      'message',
    ),
  },
  {
    rule: 'loses nothing of a peer that sends much and leaves while nobody reads',
    does: 'keeps a quarter of what nobody reads',
    complaint: /expected -?1 to be \+0/,
    setup: withLink(() => {
      let chunks = 0
      return {
        sink: (sink) => ({
          data(chunk) {
            if (chunk.length > 1_000) chunks += 1
            if (chunks <= 4) sink.data(chunk)
          },
        }),
      }
    }),
  },
  {
    rule: 'stays writable when the peer has ended its side',
    does: 'ends when the peer does',
    complaint: /to deeply equal \[\]/,
    setup: withLink((link) => ({
      sink: (sink) => ({
        end() {
          sink.end()
          link.end()
        },
      }),
    })),
  },
  {
    rule: 'tells a reset at once, as unclean',
    does: 'calls a reset an end',
    complaint: /expected 'end' not to be 'end'/,
    setup: withLink(() => ({
      sink: (sink) => ({ close: (reason) => sink.close({ ...reason, kind: 'end' }) }),
    })),
  },
  {
    rule: 'tells a reset that came while nobody read, as unclean',
    does: 'takes it for an end',
    complaint: /expected 1 to be \+0|not to be 'end'/,
    setup: withLink((link) => {
      let isReading = false
      return {
        link: {
          resume() {
            isReading = true
            link.resume()
          },
        },
        sink: (sink) => ({
          close: (reason) => sink.close(isReading ? reason : { ...reason, kind: 'end' }),
        }),
      }
    }),
  },
  {
    rule: 'tells of a peer that left before anybody attached',
    does: 'never tells of a reset',
    complaint: /in vain for the end/,
    setup: withLink(() => ({
      sink: (sink) => ({ close: (reason) => reason.code === 'reset' || sink.close(reason) }),
    })),
  },
]
