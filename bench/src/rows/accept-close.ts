import { createDriver } from '@mudwire/core'
import { tcp } from '@mudwire/transport-tcp'
import { VisitorLoad } from '../loads/visitor-load.ts'
import type { Row } from '../row.ts'
import type { ServerSide } from '../side.ts'
import { bareTcp } from '../sides/bare-tcp.ts'

export const acceptClose: Row = {
  name: 'accept-close',
  title: 'Accept, release, acquire, echo a line and close; bare: accept, echo and close',
  measures: 'time',
  unit: 'connection',
  units: 2_400,
  sides: {
    'node:net': () =>
      bareTcp((socket) => {
        socket.setEncoding('utf8').on('data', (text) => socket.end(text))
      }),
    mudwire: () => handedOver(),
  },
  bars: [{ side: 'mudwire', against: 'node:net', most: 1.1, kind: 'ratio' }],
  load: async (port) => new VisitorLoad(port),
}

function handedOver(): ServerSide {
  return {
    async listen() {
      const driver = createDriver()
      const echo = driver.owner('echo', {
        offered(offer) {
          if (offer.kind !== 'stream') return
          offer.acquire({
            text(text, socket) {
              socket.write(text)
              socket.close()
            },
          })
        },
      })
      const listener = driver.owner('inetd').listen(tcp({ port: 0 }), {
        accepted: (offer) => void offer.acquire()?.release(echo.ref),
      })
      const [address] = await listener.opened
      return address?.port ?? 0
    },
  }
}
