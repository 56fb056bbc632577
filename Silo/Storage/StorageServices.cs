using System.Text.Json;
using Orleans.Storage;
using Platform.Core;

namespace Platform.Silo.Storage;

internal static class StorageServices
{
    /// <summary>Grain state is kept as the same JSON that HTTP speaks, readable with redis-cli.</summary>
    public static IServiceCollection AddJsonGrainStorage(this IServiceCollection services) =>
        services.AddSingleton<IGrainStorageSerializer, JsonStateSerializer>();

    private sealed class JsonStateSerializer : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => BinaryData.FromObjectAsJson(input, PlatformJson.Options);

        public T Deserialize<T>(BinaryData input) => JsonSerializer.Deserialize<T>(input, PlatformJson.Options)
            ?? throw new InvalidDataException("A stored grain state is null.");
    }
}
