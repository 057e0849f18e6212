"""A load generator for servers that speak the y-websocket protocol, or Hocuspocus's form of it.

It measures from outside: real Yjs updates, made before the run, go through real sockets; what arrives is decoded and
timed. Only the standard library while it measures, so that it costs little; pycrdt before and after.

* Latency starts at the actual send of an update and ends when it is first readable at a receiver. `slip_p99_ms` says
  how late the generator itself was: throw runs away where it is large.
* `delivered` counts the updates of others that reached a receiver, however the server merged or batched them.
  `cpu_us_per_delivery` is the CPU time of the server (user and system, with its children) for one of those.
* `converged`: every receiver got every writer's every update without a hole, and the text that some of them rebuilt
  equals the text of all updates applied.
* The CPU time of loopback delivery is charged to the sender, which is so for every server alike.

    python -m bench.load writing --port 8000 --pid PID --writers 28 --rate 5 --observers 500
"""
