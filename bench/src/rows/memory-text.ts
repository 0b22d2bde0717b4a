import { createDriver, type Link } from '@mudwire/core'
import { type MemoryPeer, type MemoryTransport, memory } from '@mudwire/core/memory'
import type { Row } from '../row.ts'
import type { WorkingSide } from '../side.ts'

const TEXT = 'say Hello, everybody.\r\n'
/** What arrives is forgotten after so many messages. */
const KEPT = 256

export const memoryText: Row = {
  name: 'memory-text',
  title: 'Echo of a text over the memory link: what core adds to the link alone',
  measures: 'time',
  unit: 'message',
  units: 200_000,
  sides: {
    'the link alone': async () => {
      const network = memory()
      await network.listen(
        {
          admit: () => true,
          accept: (link) => echo(link),
          failed() {},
          close() {},
        },
        {},
      )
      return messages(network)
    },
    mudwire: async () => {
      const network = memory()
      const listener = createDriver()
        .owner('echo')
        .listen(network, {
          accepted: (offer) => void offer.acquire({ text: (text, socket) => void socket.write(text) }),
        })
      await listener.opened
      return messages(network)
    },
  },
  bars: [{ side: 'mudwire', against: 'the link alone', most: 300, kind: 'added' }],
}

function echo(link: Link): void {
  link.attach({
    data: (chunk) => void link.write(chunk),
    signal() {},
    end() {},
    drain() {},
    close() {},
  })
  link.resume()
}

async function messages(network: MemoryTransport): Promise<WorkingSide> {
  const peer: MemoryPeer = network.dial()
  await new Promise(setImmediate)
  return {
    work(units) {
      for (let sent = 1; sent <= units; sent += 1) {
        peer.send(TEXT)
        if (sent % KEPT === 0) peer.chunks.length = 0
      }
    },
  }
}
