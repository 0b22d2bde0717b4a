import { createDriver } from '@mudwire/core'
import { drivenClock, memory } from '@mudwire/core/memory'

/** A hand-over in the middle of a chunk, as a page would do it; what it gives back is read by the test. */
async function handOver(): Promise<readonly string[]> {
  const seen: string[] = []
  const clock = drivenClock()
  const network = memory({ clock })
  const driver = createDriver(clock)
  const second = driver.owner('second', {
    offered(offer) {
      if (offer.kind === 'stream') offer.acquire({ text: (text) => seen.push(`second ${text}`) })
    },
  })
  const listener = driver.owner('first').listen(network, {
    accepted(offer) {
      offer.acquire({
        line(text, _info, socket) {
          seen.push(`first ${text}`)
          seen.push(JSON.stringify(socket.release(second.ref)))
        },
      })
    },
  })
  await listener.opened
  const peer = network.dial()
  peer.drip(new TextEncoder().encode('hellö\nand more €'), 20)
  clock.run()
  // Without a clock of the test, the page's own.
  const own = createDriver()
  const answer = await new Promise<string>((resolve) => {
    const open = memory()
    own.owner('page').connect(open, { line: resolve })
    setTimeout(() => open.answer().send('later turns work\n'))
  })
  return [...seen, answer]
}

declare global {
  var handedOver: Promise<readonly string[]>
}
globalThis.handedOver = handOver()
