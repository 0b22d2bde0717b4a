import type { Address } from './address.ts'
import { endpointOf, Handle, mine } from './handle.ts'
import type { ListenerHandlers, SocketHandlers } from './handlers.ts'
import type { Listener } from './listener.ts'
import type { ListenerEndpoint } from './listener-endpoint.ts'
import type { SocketOptions } from './options.ts'
import type { Socket } from './socket.ts'

export class ListenerHandle extends Handle<ListenerEndpoint> implements Listener {
  get addresses(): readonly Address[] {
    return endpointOf(this).addresses
  }

  get opened(): Promise<readonly Address[]> {
    return endpointOf(this).attempt?.result ?? Promise.resolve(this.addresses)
  }

  get waiting(): number {
    return endpointOf(this).waiting
  }

  accept(handlers?: SocketHandlers, options?: SocketOptions): Socket | undefined {
    return mine(this).take(handlers, options)
  }

  handle(handlers: ListenerHandlers): void {
    mine(this).setHandlers(handlers)
  }
}
