import type { Service } from '../service.ts'

/** RFC 862: sends everything back, as fast as the peer reads it. */
export const echo: Service = {
  name: 'echo',
  connected(offer) {
    offer.acquire({
      bytes(chunk, socket) {
        if (!socket.write(chunk)) socket.pause()
      },
      drain: (socket) => socket.resume(),
    })
  },
}
