using Platform.Core.Access;
using StackExchange.Redis;

namespace Platform.SharedState.Access;

/// <summary>The API keys as all Apis know them, digests instead of secrets.</summary>
public sealed class ApiKeySet(IConnectionMultiplexer redis) : PublishedSet<ApiKey>(redis, Keys.ApiKeys, Keys.ApiKeysChanged);
