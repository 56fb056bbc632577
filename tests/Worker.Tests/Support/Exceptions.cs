namespace Platform.Worker.Tests.Support;

internal static class Exceptions
{
    /// <summary>Fuzzed code may succeed or fail in the one way it is meant to.</summary>
    public static void Is<T>(this Exception? exception, int seed)
        where T : Exception => Assert.True(exception is null or T, $"seed {seed}: {exception}");
}
