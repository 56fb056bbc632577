using Xunit.Sdk;
using Xunit.v3;

// Every test here starts processes; side by side they would measure each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
