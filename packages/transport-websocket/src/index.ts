/**
 * WebSocket for Mudwire, on `ws`: beside the pages of a `node:http` server, on a port of its own, and as a client.
 *
 * @packageDocumentation
 */
export {
  type WebSocketConnector,
  type WebSocketListener,
  type WebSocketPort,
  webSocket,
} from './websocket.ts'
export type { AttachedOptions, ClientOptions, ForwardedOptions, PortOptions } from './websocket-options.ts'
