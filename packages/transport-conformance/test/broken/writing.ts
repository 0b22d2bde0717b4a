import type { Link } from '@mudwire/core'
import { type Breach, withLink } from './breach.ts'

const MIB = 1024 * 1024

export const writingBreaches: readonly Breach[] = [
  {
    rule: 'sends texts and bytes in their order',
    does: 'writes texts as Latin-1',
    complaint: /in vain for everything/,
    setup: withLink((link) => ({
      link: {
        write: (chunk) => link.write(typeof chunk === 'string' ? Buffer.from(chunk, 'latin1') : chunk),
      },
    })),
  },
  {
    rule: 'sends one message for one write, the empty ones too',
    does: 'sends no empty message',
    complaint: /in vain for every message/,
    capabilities: { shape: 'message', halfClose: false },
    setup: withLink(
      (link) => ({ link: { write: (chunk) => chunk.length === 0 || link.write(chunk) } }),
      'message',
    ),
  },
  {
    rule: 'takes empty writes, which add nothing to a stream',
    does: 'sends a zero byte for them',
    complaint: /to be 'one two'/,
    setup: withLink((link) => ({
      link: { write: (chunk) => link.write(chunk.length === 0 ? '\0' : chunk) },
    })),
  },
  {
    rule: 'says that it buffers when the peer does not read, and tells of the drain',
    does: 'never says false',
    complaint: /says false to whoever writes without end/,
    setup: withLink((link) => ({ link: { write: (chunk) => link.write(chunk) || true } })),
  },
  {
    rule: 'says that it buffers when the peer does not read, and tells of the drain',
    does: 'never drains',
    complaint: /in vain for the drain/,
    setup: withLink(() => ({ sink: () => ({ drain: () => {} }) })),
  },
  {
    rule: 'says that it buffers when the peer does not read, and tells of the drain',
    does: 'drains when it feels like it',
    complaint: /says false to whoever writes without end|drain while/,
    setup: withLink((link) => {
      let drain = (): void => {}
      return {
        link: {
          write(chunk) {
            setImmediate(() => drain())
            return link.write(chunk)
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
    rule: 'sends several megabytes to a slow reader without a gap',
    does: 'drops what a slow reader would have to wait for',
    complaint: /in vain for more/,
    setup: withLink((link) => ({
      link: { write: (chunk) => (link.buffered > MIB ? false : link.write(chunk)) },
    })),
  },
  {
    rule: 'sends one large chunk whole',
    does: 'sends the first mebibyte of it',
    complaint: /in vain for everything/,
    setup: withLink((link) => ({ link: { write: (chunk) => link.write(chunk.slice(0, MIB)) } })),
  },
  {
    rule: 'sends what is written between cork and uncork in its order, and says then whether anything is left',
    does: 'sends it from the last to the first',
    complaint: /to be 'onetwothree'/,
    setup: withLink(corkedBackwards),
  },
  {
    rule: 'sends prepared text like any other',
    does: 'prepares it as Latin-1',
    complaint: /in vain for all three/,
    setup: withLink((link) => ({
      link: {
        encode: (text) => Buffer.from(text, 'latin1'),
        writeEncoded: (encoded) => link.write(encoded),
      },
    })),
  },
]

function corkedBackwards(link: Link): { readonly link: Partial<Link> } {
  const corked: (string | Uint8Array)[] = []
  let isCorked = false
  return {
    link: {
      cork() {
        isCorked = true
      },
      write: (chunk) => (isCorked ? corked.push(chunk) > 0 : link.write(chunk)),
      uncork() {
        isCorked = false
        return corked
          .splice(0)
          .reverse()
          .map((chunk) => link.write(chunk))
          .every((gone) => gone)
      },
    },
  }
}
