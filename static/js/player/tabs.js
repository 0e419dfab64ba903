// One tab plays at a time: the one that starts says so, and the others fall silent.

export class Tabs {
  constructor(silence) {
    this.channel = new BroadcastChannel("anagnorisis.player")
    this.channel.onmessage = ({ data }) => { if (data === "playing") silence() }
  }

  claim() { this.channel.postMessage("playing") }
}
