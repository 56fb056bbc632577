namespace Platform.SharedState;

/// <summary>Whether somebody who is asked each second is there. Value in, value out.</summary>
public readonly record struct Pulse(bool IsDown = false, int Late = 0)
{
    /// <summary>Answers that may be late in a row: one may be a pause of this machine, which would answer others no sooner.</summary>
    public const int LateMax = 1;

    public static Pulse Answered => default;

    /// <summary>The connection is gone, which is no matter of patience.</summary>
    public static Pulse Broken => new(IsDown: true);

    /// <summary>No answer within the second.</summary>
    public Pulse Silent => new(IsDown || Late >= LateMax, Late + 1);
}
