using Platform.Core.Limits;
using Platform.SharedState.Access;
using StackExchange.Redis;

namespace Platform.SharedState.Limits;

/// <summary>The limits as all Apis know them, by subject.</summary>
public sealed class LimitSet(IConnectionMultiplexer redis) : PublishedSet<LimitPolicy>(redis, Keys.Limits, Keys.LimitsChanged);
