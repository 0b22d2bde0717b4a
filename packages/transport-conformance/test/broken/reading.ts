import type { LinkSink } from '@mudwire/core'
import { type Breach, withLink } from './breach.ts'

type Chunk = string | Uint8Array

export const readingBreaches: readonly Breach[] = [
  {
    rule: 'is born paused: nothing is delivered before resume, and then everything in order',
    does: 'reads as soon as there is a sink',
    complaint: /to deeply equal \[\]/,
    setup: withLink((link) => ({
      link: {
        attach(sink) {
          link.attach(sink)
          link.resume()
        },
      },
    })),
  },
  {
    rule: 'delivers large input byte for byte',
    does: 'swaps every two chunks',
    complaint: /expected -?1 to be \+0/,
    setup: withLink(() => ({ sink: swapping })),
  },
  {
    rule: 'delivers the same however it is split',
    does: 'decodes every chunk by itself',
    complaint: /ufffd/,
    setup: withLink(() => ({
      sink: (sink) => ({ data: (chunk) => sink.data(Buffer.from(chunk).toString()) }),
    })),
  },
  {
    rule: 'keeps messages apart, texts from bytes, and the empty ones',
    does: 'makes bytes of texts',
    complaint: /to deeply equal/,
    capabilities: { shape: 'message', halfClose: false },
    setup: withLink(
      () => ({ sink: (sink) => ({ data: (chunk) => sink.data(Buffer.from(chunk)) }) }),
      'message',
    ),
  },
  {
    rule: 'gives its chunks away: what comes later changes none of them',
    does: 'reads everything into the same memory',
    complaint: /to deeply equal/,
    setup: withLink(() => ({ sink: reusing })),
  },
  {
    rule: 'carries signals in their place among the data',
    does: 'sends signals by and by',
    complaint: /to deeply equal/,
    capabilities: { signals: [{ name: 'bell', payload: 1 }] },
    setup: withLink((link) => ({
      link: {
        signal(name, payload) {
          queueMicrotask(() => link.signal?.(name, payload))
          return true
        },
      },
    })),
  },
  {
    rule: 'keeps the order in both directions at once, however often it pauses',
    does: 'delivers the last chunk again after a pause',
    complaint: /expected -?1 to be \+0/,
    setup: withLink((link) => {
      let again = (): void => {}
      return {
        link: {
          resume() {
            again()
            link.resume()
          },
        },
        sink: (sink) => ({
          data(chunk) {
            again = () => queueMicrotask(() => sink.data(chunk))
            sink.data(chunk)
          },
        }),
      }
    }),
  },
  {
    rule: 'pauses so that the peer feels it: who sends without end is blocked',
    does: 'goes on reading while it is paused, and keeps it',
    complaint: /bytes that a paused link/,
    setup: withLink((link) => {
      const kept: Chunk[] = []
      let deliver: ((chunk: Chunk) => void) | undefined
      let paused = true
      return {
        link: {
          pause() {
            paused = true
          },
          resume() {
            paused = false
            link.resume()
            setImmediate(() => {
              for (const chunk of kept.splice(0)) deliver?.(chunk)
            })
          },
        },
        sink(sink) {
          deliver = (chunk) => sink.data(chunk)
          return { data: (chunk) => (paused ? void kept.push(chunk) : sink.data(chunk)) }
        },
      }
    }),
  },
  {
    rule: 'may be paused inside a delivery, and delivers no more than it had read already',
    does: 'pauses when everything has been delivered',
    complaint: /bytes that a paused link delivered/,
    setup: withLink((link) => ({ link: { pause: () => void setTimeout(() => link.pause(), 50) } })),
  },
]

function swapping(sink: LinkSink): Partial<LinkSink> {
  let held: Chunk | undefined
  return {
    data(chunk) {
      const first = held
      held = first === undefined ? chunk : undefined
      if (first === undefined) return
      sink.data(chunk)
      sink.data(first)
    },
  }
}

function reusing(sink: LinkSink): Partial<LinkSink> {
  const memory = Buffer.alloc(1024 * 1024)
  return {
    data(chunk) {
      const size = memory.write(Buffer.from(chunk).toString('latin1'), 'latin1')
      sink.data(memory.subarray(0, size))
    },
  }
}
