import type { Service } from '../service.ts'

/** RFC 867: says the time of day, whatever it is asked, and closes. */
export const daytime: Service = {
  name: 'daytime',
  connected(offer) {
    const socket = offer.acquire()
    socket?.write(`${new Date().toUTCString()}\r\n`)
    socket?.close()
  },
}
