Console.WriteLine("segno");
