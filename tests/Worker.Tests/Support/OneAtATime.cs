using Xunit.Sdk;
using Xunit.v3;

// Models keep cores busy, and some tests measure memory or depend on who comes first: side by side they would disturb one another.
[assembly: Parallelization(Mode = ParallelMode.None)]
