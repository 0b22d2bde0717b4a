import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import type { ServerSide } from '../side.ts'

/** A plain `ws` server, and what it does with a text. */
export function bareWebSocket(
  answer: (text: string, webSocket: WebSocket) => void,
  perMessageDeflate = false,
): ServerSide {
  return {
    async listen() {
      const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate })
      server.on('connection', (webSocket) => {
        webSocket.on('error', () => {})
        webSocket.on('message', (data) => answer(String(data), webSocket))
      })
      await once(server, 'listening')
      return (server.address() as AddressInfo).port
    },
  }
}
