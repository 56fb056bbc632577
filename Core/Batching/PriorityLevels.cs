namespace Platform.Core.Batching;

/// <summary>Priorities as requests give them: 1 is the highest, 0 leaves it to the platform.</summary>
public static class PriorityLevels
{
    public const int Highest = 1;
    public const int Default = 5;
    public const int Lowest = 9;

    /// <summary>The level that a request's priority means; what is beyond the lowest counts as the lowest.</summary>
    public static int Of(ulong priority) => priority == 0 ? Default : (int)Math.Min(priority, Lowest);
}
