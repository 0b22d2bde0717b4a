import type { Link } from '@mudwire/core'
import { memory } from '@mudwire/core/memory'
import { turn } from '../../src/waiting.ts'
import { memoryFixture } from '../support/memory-fixture.ts'
import { type Breach, over, withLink, withTransport } from './breach.ts'

export const connectingBreaches: readonly Breach[] = [
  {
    rule: 'connects to its own listener, and both ends are links alike',
    does: 'does not know its own address',
    complaint: /to deeply equal/,
    setup: withLink(() => ({ link: { local: { family: 'memory', address: 'somewhere' } } })),
  },
  {
    rule: 'tells no other local address while it connects than its link has',
    does: 'tells the address that it was asked for',
    complaint: /to deeply equal/,
    setup: withTransport((transport) => ({
      connect(options) {
        options.bound?.({ family: 'memory', address: 'any' })
        return transport.connect(options)
      },
    })),
  },
  {
    rule: 'tells the other end apart when it ends and when it breaks off',
    does: 'ends where it should break off',
    complaint: /expected 1 to be \+0|not to deeply equal/,
    setup: withLink((link) => ({ link: { abort: () => link.end() } })),
  },
  {
    rule: 'rejects where nobody listens',
    does: 'connects to nobody',
    complaint: /resolved/,
    setup: () => over(memoryFixture(), { connector: () => ({ name: 'nobody', connect: callNobody }) }),
  },
  {
    rule: 'rejects when it is stopped before it connects',
    does: 'looks at no signal',
    complaint: /resolved/,
    setup: withTransport((transport) => ({ connect: () => transport.connect({}) })),
  },
  {
    rule: 'leaves no connection when it is stopped on the way',
    does: 'rejects, and leaves what it has connected',
    complaint: /in vain for what arrived all the same/,
    setup: withTransport((transport) => ({
      async connect({ signal }) {
        const link = await transport.connect({})
        await turn()
        signal?.throwIfAborted()
        return link
      },
    })),
  },
  {
    rule: 'is done with its signal once it has connected, or failed to',
    does: 'aborts the link when the signal is aborted later',
    complaint: /length of \+0 but got 1/,
    setup: withTransport((transport) => ({
      async connect({ signal }) {
        const link = await transport.connect({})
        signal?.addEventListener('abort', () => link.abort())
        return link
      },
    })),
  },
]

async function callNobody(): Promise<Link> {
  const network = memory()
  const link = network.connect({})
  network.answer()
  return await link
}
