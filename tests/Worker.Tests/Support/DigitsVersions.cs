namespace Platform.Worker.Tests.Support;

internal static partial class Digits
{
    public static TheoryData<string> All => ["1.0.0", "1.1.0", "2.0.0", "2.1.0-regressed", "2.2.0-slow", "2.3.0-faulty"];
}
