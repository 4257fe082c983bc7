const isEnd = (event) =>
  event.hasTaskcompleted() || event.hasTaskfailed() || event.hasTimerfired()
  || event.hasSuborchestrationinstancecompleted() || event.hasSuborchestrationinstancefailed();

// What befalls calls and messages between a real host and its worker, but never within this engine.
export class Mishaps {
  #toLose = [];
  #lost = new Set();
  #doublesEnds = false;

  // The call of the next turn of an orchestration of this name does not come back.
  lose(name) {
    this.#toLose.push(name);
  }

  // Every end of a step comes twice from now on.
  doubleEnds() {
    this.#doublesEnds = true;
  }

  loses({ instanceId, name }) {
    const index = this.#toLose.indexOf(name);
    if (index < 0) {
      return false;
    }

    this.#toLose.splice(index, 1);
    this.#lost.add(instanceId);
    return true;
  }

  // The events of a turn as they arrive. They go into the history as they are here.
  befall(instance, turn) {
    for (const event of turn) {
      this.#hushUp(event.getSuborchestrationinstancefailed(), instance.history);
    }

    return this.#doublesEnds ? turn.flatMap((event) => isEnd(event) ? [event, event] : [event]) : turn;
  }

  // The engine makes up details for a child that failed without any.
  #hushUp(failed, history) {
    const created = failed && history.find((event) =>
      event.hasSuborchestrationinstancecreated() && event.getEventid() === failed.getTaskscheduledid());
    if (this.#lost.has(created?.getSuborchestrationinstancecreated().getInstanceid())) {
      failed.clearFailuredetails();
    }
  }
}
