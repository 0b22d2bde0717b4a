import type { CloseReason } from '@mudwire/core'
import { memory } from '@mudwire/core/memory'
import { memoryFixture } from '../support/memory-fixture.ts'
import { type Breach, over, withLink, withListener, withTransport } from './breach.ts'

const CLOSED: CloseReason = { by: 'local', kind: 'end', code: 'closed' }

export const listeningBreaches: readonly Breach[] = [
  {
    rule: 'says where it listens, and its links say who is at either end',
    does: 'says that a plain connection is secure',
    complaint: /expected true to be false/,
    setup: withLink(() => ({ link: { facts: { secure: true } } })),
  },
  {
    rule: 'drops who is not admitted, and goes on',
    does: 'asks, and does not listen to the answer',
    complaint: /in vain for the refused peer to be dropped/,
    setup: withListener({ sink: (sink) => ({ admit: (remote) => sink.admit(remote) || true }) }),
  },
  {
    rule: 'rejects where the address is taken',
    does: 'shares its address',
    complaint: /resolved/,
    setup: () => over(memoryFixture(), { rival: () => memory() }),
  },
  {
    rule: 'rejects when it is stopped before it listens',
    does: 'looks at no signal',
    complaint: /resolved/,
    setup: withTransport((transport) => ({ listen: (sink) => transport.listen(sink, {}) })),
  },
  {
    rule: 'is done with its signal once it listens',
    does: 'closes when the signal is aborted later',
    complaint: /length of \+0 but got 1/,
    setup: withTransport((transport) => ({
      async listen(sink, options) {
        const listening = await transport.listen(sink, options)
        options.signal?.addEventListener('abort', () => listening.close())
        return listening
      },
    })),
  },
  {
    rule: 'accepts hundreds at a time, and mixes none of them up',
    does: 'answers whoever came last',
    complaint: /an answer for everybody|to deeply equal/,
    setup: () => {
      let last: { write(chunk: string | Uint8Array): boolean }
      return withLink((link) => {
        last = link
        return { link: { write: (chunk) => last.write(chunk) } }
      })()
    },
  },
  {
    rule: 'holds back or turns away who comes while it is paused, and goes on afterwards',
    does: 'forgets whoever came while it was paused',
    complaint: /in vain for everybody who came/,
    setup: () => {
      let paused = false
      return withListener({
        sink: (sink) => ({ accept: (link) => paused || sink.accept(link) }),
        listening: () => ({
          pause() {
            paused = true
          },
          resume() {
            paused = false
          },
        }),
      })()
    },
  },
  {
    rule: 'makes no handshake while it is paused',
    does: 'goes on as ever',
    complaint: /length of \+0 but got 1/,
    capabilities: { handshake: true },
    setup: () => memoryFixture(),
  },
  {
    rule: 'survives a handshake that fails',
    does: 'closes the listener for it',
    complaint: /length of \+0 but got 1|in vain for a witness/,
    capabilities: { handshake: true },
    setup: () => {
      let close = (): void => {}
      const listener = withListener({
        listening: (listening) => {
          close = () => listening.close()
          return {}
        },
      })
      return over(listener(), { botch: async () => close() })
    },
  },
  {
    rule: 'closes once, and leaves the links that it gave away',
    does: 'tells of its close every time it is asked to',
    complaint: /a listener's close after its close|to match object/,
    setup: withListener({
      listening: (listening, sink) => ({
        close() {
          listening.close()
          queueMicrotask(() => sink.close(CLOSED))
        },
      }),
    }),
  },
  {
    rule: 'closes once, and leaves the links that it gave away',
    does: 'tells of its close inside the call',
    complaint: /to deeply equal \[\]/,
    setup: withListener({ listening: (_listening, sink) => ({ close: () => sink.close(CLOSED) }) }),
  },
  {
    rule: 'gives its address back when it is closed, whatever links are open',
    does: 'says that it is closed, and is not',
    complaint: /listens on this memory transport already/,
    setup: withListener({
      listening: (_listening, sink) => ({ close: () => queueMicrotask(() => sink.close(CLOSED)) }),
    }),
  },
]
