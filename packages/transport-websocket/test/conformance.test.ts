import { transportConformance } from '@mudwire/transport-conformance'
import { webSocket } from '../src/index.ts'
import { closeServer, dialWebSocket, listeningServer } from './support/raw-websocket.ts'

transportConformance({
  name: 'websocket, attached',
  capabilities: { shape: 'message', halfClose: false, longestMessage: 64 * 1024 },
  async setup() {
    const server = await listeningServer()
    return {
      transport: webSocket({ server }),
      dial: (address) => dialWebSocket(address),
      rival: () => webSocket({ server }),
      close: () => closeServer(server),
    }
  },
})
