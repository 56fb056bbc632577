Console.WriteLine("The digits demo.");
