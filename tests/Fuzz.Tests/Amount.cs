using System.Globalization;

namespace Platform.Fuzz.Tests;

/// <summary>How much is tried: a little in every run, as much as is asked for by environment variables.</summary>
internal static class Amount
{
    public static int Requests { get; } = Of("FUZZ_REQUESTS", 3_000);

    public static int Models { get; } = Of("FUZZ_MODELS", 400);

    private static int Of(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var amount) ? amount : otherwise;
}
