namespace Platform.Core.Serving;

/// <summary>Remembers answers to equal inputs. Only for versions whose answers depend on nothing but the inputs.</summary>
/// <param name="Ttl">How long an answer counts; null or zero remembers none.</param>
/// <param name="MaxAnswerBytes">Larger answers are not remembered.</param>
public sealed record CacheConfig(TimeSpan? Ttl = null, int MaxAnswerBytes = CacheConfig.DefaultMaxAnswerBytes)
{
    public const int DefaultMaxAnswerBytes = 1 << 20;
}
