namespace Platform.Api.Inference;

internal static class InferenceServices
{
    /// <summary>The V2 protocol, whichever way it comes.</summary>
    public static IServiceCollection AddInference(this IServiceCollection services) => services.AddSingleton<ServedModels>();
}
