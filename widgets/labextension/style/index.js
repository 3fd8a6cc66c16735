import './course.css';
import './model.css';
import './reading.css';
