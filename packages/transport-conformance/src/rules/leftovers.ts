import { counting, noneLeft } from '../census.ts'
import type { CheckedLink } from '../checked-link.ts'
import type { LinkRule, Scene } from '../scene.ts'

const BATCH = 25
const BATCHES = 40

/** What a transport owes when everything is over: nothing of it is left. */
export const leftoverRules: readonly LinkRule[] = [
  {
    name: 'leaves nothing behind after 1,000 links',
    run: (scene) =>
      counting(scene.fixture.emitters ?? [], async (counter) => {
        // What the first links make once for all is no leftover.
        await liveAndDie(scene)
        await liveAndDie(scene)
        const before = counter.count()
        for (let batch = 0; batch < BATCHES; batch += 1) await liveAndDie(scene)
        await noneLeft(scene, 'of 1,000 links', before, counter)
      }),
  },
  {
    name: 'leaves nothing behind when it is closed',
    run: (scene) =>
      counting(scene.fixture.emitters ?? [], async (counter) => {
        const before = counter.count()
        const { reception, listening } = await scene.listen()
        await liveAndDie(scene)
        listening.close()
        await scene.until('the close', () => reception.closes.length > 0)
        await noneLeft(scene, 'of a listener', before, counter)
      }),
  },
]

/** Some links, each with its own of the ways to go. */
async function liveAndDie(scene: Scene): Promise<void> {
  const peers = await Promise.all(Array.from({ length: BATCH }, () => scene.dial()))
  const links: CheckedLink[] = []
  while (links.length < BATCH) links.push((await scene.arrival()).read())
  for (const [index, link] of links.entries()) {
    link.write('hello')
    if (index % 3 === 0) link.abort()
    if (index % 3 === 1) link.end()
  }
  for (const [index, peer] of peers.entries()) {
    if (index % 2 === 0) peer.reset()
    else peer.close()
  }
  await scene.until('every end', () => links.every(({ isOver }) => isOver))
  for (const link of links) link.end()
  await scene.until('every close', () => links.every(({ closes }) => closes.length > 0))
}
