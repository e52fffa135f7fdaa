"""A simulated university whose true abilities are known, written the way AWS writes DynamoDB exports.

Here: the export writer, the simulator, the conversion of a real answer log, and loading of both into
Postgres and DynamoDB for the demo, the tests and the benchmarks. Not here: anything that the nightly
job needs on real data.
"""
