namespace Platform.Architecture.Tests;
public class T { [Fact] public void Ok() {} }
