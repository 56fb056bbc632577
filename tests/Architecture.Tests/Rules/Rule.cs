using Platform.Architecture.Tests.Reading;

namespace Platform.Architecture.Tests.Rules;

/// <summary>Finds what breaks a rule among the files of a repository.</summary>
internal delegate IEnumerable<Violation> Rule(IReadOnlyList<SourceFile> files);
