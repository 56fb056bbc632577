namespace Platform.Api.Compliance;

internal static class ComplianceServices
{
    public static IServiceCollection AddCompliance(this IServiceCollection services) =>
        services.AddSingleton<PlatformFacts>().AddSingleton<ModelFactsReader>().AddSingleton<ComplianceGathering>();
}
