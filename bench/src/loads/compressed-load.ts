import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { Load } from '../row.ts'

/** Long enough to be compressed, and no text that compresses to nothing. */
const LONG = Array.from({ length: 300 }, (_, index) => `${index * 7919} `).join('')

/** Clients that agree on compression, have sent and got one long text each, and are silent now. */
export async function compressedLoad(port: number, connections: number): Promise<Load> {
  const clients: WebSocket[] = []
  while (clients.length < connections) {
    const client = new WebSocket(`ws://127.0.0.1:${port}/ws`, { perMessageDeflate: true })
    await once(client, 'open')
    client.send(LONG)
    await once(client, 'message')
    clients.push(client)
  }
  return {
    run: () => Promise.resolve(),
    async close() {
      for (const client of clients) client.terminate()
    },
  }
}
