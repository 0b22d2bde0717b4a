// The process of the peers, started by main.ts.
import type { FromPeers, ToPeers } from './messages.ts'
import { Crowd } from './peers/crowd.ts'

const tell = (message: FromPeers): void => {
  process.send?.(message)
}

let crowd: Crowd | undefined
process.on('message', (message: ToPeers) => {
  if (message.do === 'start') crowd = new Crowd(message, tell)
  else crowd?.finish()
})
process.on('disconnect', () => process.exit())
tell({ tell: 'ready' })
