import type { DatagramScene } from './datagrams/datagram-scene.ts'
import type { DatagramCapabilities } from './datagrams/fixture.ts'
import { bindingRules, datagramRules } from './datagrams/rules.ts'
import type { Capabilities } from './fixture.ts'
import type { Chapter } from './rule.ts'
import { closingRules } from './rules/closing.ts'
import { connectingRules } from './rules/connecting.ts'
import { leavingRules } from './rules/leaving.ts'
import { leftoverRules } from './rules/leftovers.ts'
import { listeningRules } from './rules/listening.ts'
import { pausingRules } from './rules/pausing.ts'
import { readingRules } from './rules/reading.ts'
import { writingRules } from './rules/writing.ts'
import type { Scene } from './scene.ts'

/** Everything that a transport of links owes. */
export const LINK_CHAPTERS: readonly Chapter<Scene, Capabilities>[] = [
  { title: 'a listener', rules: listeningRules },
  { title: 'connecting', rules: connectingRules },
  { title: 'reading', rules: readingRules },
  { title: 'pausing', rules: pausingRules },
  { title: 'writing', rules: writingRules },
  { title: 'the end', rules: closingRules },
  { title: 'a peer that leaves', rules: leavingRules },
  { title: 'what is left', rules: leftoverRules },
]

/** Everything that a transport of datagrams owes. */
export const DATAGRAM_CHAPTERS: readonly Chapter<DatagramScene, DatagramCapabilities>[] = [
  { title: 'binding', rules: bindingRules },
  { title: 'datagrams', rules: datagramRules },
]
