import { createServer } from 'node:https'
import { makeLocalhost } from '@mudwire/test-support/certificates'
import { spoilHandshake } from '@mudwire/test-support/spoil-handshake'
import { type Capabilities, transportConformance } from '@mudwire/transport-conformance'
import { webSocket } from '../src/index.ts'
import { closeServer, dialWebSocket, listeningServer } from './support/raw-websocket.ts'

const capabilities: Capabilities = {
  shape: 'message',
  halfClose: false,
  longestMessage: 64 * 1024,
  handshake: true,
}

const { authority, certificate } = await makeLocalhost()

transportConformance({
  name: 'websocket, attached to an HTTP server',
  capabilities,
  async setup() {
    const server = await listeningServer()
    return {
      transport: webSocket({ server }),
      dial: (address) => dialWebSocket(address),
      connector: ({ port }) => webSocket({ url: `ws://127.0.0.1:${port}/ws` }),
      rival: () => webSocket({ server }),
      botch: spoilHandshake,
      emitters: [server],
      close: () => closeServer(server),
    }
  },
})

transportConformance({
  name: 'websocket, attached to an HTTPS server',
  capabilities: { ...capabilities, resets: 'while-reading', secure: true },
  async setup() {
    const server = await listeningServer(createServer(certificate))
    return {
      transport: webSocket({ server }),
      dial: (address) => dialWebSocket(address, '/ws', { ca: authority.cert }),
      connector: ({ port }) => webSocket({ url: `wss://127.0.0.1:${port}/ws`, ca: authority.cert }),
      botch: spoilHandshake,
      emitters: [server],
      close: () => closeServer(server),
    }
  },
})

transportConformance({
  name: 'websocket, on its own port',
  capabilities,
  setup: () => ({
    transport: webSocket({ port: 0 }),
    dial: (address) => dialWebSocket(address),
    connector: ({ port }) => webSocket({ url: `ws://127.0.0.1:${port}/ws` }),
    rival: ({ port = 0 }) => webSocket({ port }),
    botch: spoilHandshake,
  }),
})

transportConformance({
  name: 'websocket, on its own port with TLS',
  capabilities: { ...capabilities, resets: 'while-reading', secure: true },
  setup: () => ({
    transport: webSocket({ port: 0, certificates: [certificate] }),
    dial: (address) => dialWebSocket(address, '/ws', { ca: authority.cert }),
    connector: ({ port }) => webSocket({ url: `wss://127.0.0.1:${port}/ws`, ca: authority.cert }),
    botch: spoilHandshake,
  }),
})

transportConformance({
  name: 'websocket, compressed',
  // What cannot be compressed grows a little, and the limit is for what comes over the wire, too.
  capabilities: { ...capabilities, longestMessage: 60 * 1024 },
  setup: () => ({
    transport: webSocket({ port: 0, compression: true }),
    dial: (address) => dialWebSocket(address, '/ws', { perMessageDeflate: { threshold: 0 } }),
    connector: ({ port }) => webSocket({ url: `ws://127.0.0.1:${port}/ws`, compression: true }),
    botch: spoilHandshake,
  }),
})
